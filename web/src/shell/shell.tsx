import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation, useParams } from 'react-router';

import { Button } from '../components/button.js';
import { MenuIcon } from '../components/icons.js';
import type { Feature } from '../feature.js';
import { useSession } from '../session/session.js';
import { useRights } from '../session/use-rights.js';
import { Forbidden } from './other-pages.js';
import { Preferences } from './preferences.js';

import styles from './shell.module.css';

interface ShellProps {
  readonly base: string;
  readonly features: readonly Feature[];
  /** The search of the console. */
  readonly search?: ReactNode;
}

/** What surrounds every page: navigation, search, language and theme. On narrow screens, the navigation is a drawer. */
export function Shell({ base, features, search }: ShellProps) {
  const { t } = useLingui();
  const { has, missing } = useRights();
  const { signOut } = useSession();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  const here = features.find(({ navigation }) =>
    navigation === undefined ? false : `${pathname}/`.startsWith(`${base}/${navigation.to}/`),
  );
  const missingRight = here?.navigation?.right === undefined ? undefined : missing(here.navigation.right);
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#content">
        <Trans>Skip to the content</Trans>
      </a>
      <header className={styles['bar']}>
        <span className={styles['toggle']}>
          <Button
            variant="quiet"
            aria-label={t`Navigation`}
            aria-expanded={isOpen}
            icon={<MenuIcon />}
            onClick={() => setOpen(!isOpen)}
          />
        </span>
        <NavLink to={base} className={styles['name']}>
          certkeep
        </NavLink>
        <div className={styles['search']}>{search}</div>
        <Preferences />
      </header>
      <nav className={styles['navigation']} aria-label={t`Main`} data-open={isOpen || undefined}>
        <ul>
          {features.map(({ navigation }) =>
            navigation === undefined || (navigation.right !== undefined && !has(navigation.right)) ? null : (
              <li key={navigation.to}>
                <NavLink to={`${base}/${navigation.to}`} className={styles['link']} onClick={() => setOpen(false)}>
                  <navigation.icon />
                  <NavigationLabel label={navigation.label} />
                </NavLink>
              </li>
            ),
          )}
        </ul>
        <Button variant="quiet" onClick={signOut}>
          <Trans>Sign out</Trans>
        </Button>
      </nav>
      <main id="content" className={styles['content']} tabIndex={-1}>
        {missingRight === undefined ? <Outlet /> : <Forbidden right={missingRight} />}
      </main>
      <ScrollRestoration />
    </div>
  );
}

function NavigationLabel({ label }: { readonly label: NonNullable<Feature['navigation']>['label'] }) {
  const { i18n } = useLingui();
  return <>{i18n._(label)}</>;
}

export function useClient(): string {
  const { clientExtId } = useParams();
  if (clientExtId === undefined) throw new Error('Only pages of the console are of a client.');
  return clientExtId;
}
