import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';

import { Texts } from './i18n/texts.js';
import { router } from './routes.js';
import { SignIn } from './session/sign-in.js';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 10_000, refetchOnWindowFocus: false } },
});

/** Base UI renders no style elements: the Content-Security-Policy allows only style sheets of this server. */
export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Texts>
        <QueryClientProvider client={queries}>
          <SignIn>
            <RouterProvider router={router} />
          </SignIn>
        </QueryClientProvider>
      </Texts>
    </CSPProvider>
  );
}
