import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';

import { Loading } from './components/loading.js';
import type { Feature } from './feature.js';
import { ConsoleHome } from './shell/console-home.js';
import { NotFound, RouteError } from './shell/other-pages.js';
import { Shell, useClient } from './shell/shell.js';

const FOUND = import.meta.glob<{ readonly feature: Feature }>('./features/*/feature.tsx', { eager: true });

function featuresOf(area: Feature['area']): readonly Feature[] {
  return Object.values(FOUND)
    .map(({ feature }) => feature)
    .filter((feature) => feature.area === area)
    .toSorted((one, other) => one.order - other.order);
}

const CONSOLE = featuresOf('console');
const MY = featuresOf('my');

const routesOf = (features: readonly Feature[]): RouteObject[] => features.flatMap(({ routes }) => [...routes]);

function ConsoleShell() {
  return <Shell base={`/console/${encodeURIComponent(useClient())}`} features={CONSOLE} />;
}

function PlainError() {
  return (
    <main>
      <RouteError />
    </main>
  );
}

const inShell = (children: readonly RouteObject[]): RouteObject[] => [
  { ErrorBoundary: RouteError, children: [...children, { path: '*', Component: NotFound }] },
];

const PAGES: RouteObject[] = [
  { path: '/console', Component: ConsoleHome },
  {
    path: '/console/:clientExtId',
    Component: ConsoleShell,
    children: inShell([{ index: true, element: <Navigate to="today" replace /> }, ...routesOf(CONSOLE)]),
  },
  { path: '/my', element: <Shell base="/my" features={MY} />, children: inShell(routesOf(MY)) },
  { path: '*', Component: NotFound },
];

export function createRouter() {
  return createBrowserRouter([{ ErrorBoundary: PlainError, HydrateFallback: Loading, children: PAGES }]);
}
