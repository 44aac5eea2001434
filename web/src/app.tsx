import { CSPProvider } from '@base-ui/react/csp-provider';
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';

import { Texts } from './i18n/texts.js';
import { createRouter } from './routes.js';
import { SignIn } from './session/sign-in.js';

/** Without a network, a request fails at once and says so. The default waits for the network, and a change is then sent late. */
const ALWAYS = { networkMode: 'always' } as const;

const queries: QueryClient = new QueryClient({
  // A change shows on more pages than the one that made it: whichever is opened next reads again.
  mutationCache: new MutationCache({
    onSuccess: async () => await queries.invalidateQueries({ refetchType: 'none' }),
  }),
  defaultOptions: {
    queries: { ...ALWAYS, retry: false, staleTime: 10_000, refetchOnWindowFocus: false },
    mutations: ALWAYS,
  },
});

/** Base UI renders no style elements: the Content-Security-Policy allows only style sheets of this server. */
export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Texts>
        <QueryClientProvider client={queries}>
          <SignIn>
            <Router />
          </SignIn>
        </QueryClientProvider>
      </Texts>
    </CSPProvider>
  );
}

/** Made only for people who are signed in: signing in changes the address that the router begins with. */
function Router() {
  const [router] = useState(createRouter);
  return <RouterProvider router={router} />;
}
