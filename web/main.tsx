import '@mantine/core/styles.css';
import './look.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { queryClient } from './calls/queries.ts';
import { useScheme } from './parts/scheme.tsx';
import { LanguageProvider } from './text/language.tsx';

// Colours and sizes stand in look.css: the page's security policy lets no script write styles.
const theme = createTheme({ defaultRadius: 'sm', respectReducedMotion: true });

function Root() {
  const scheme = useScheme();
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <LanguageProvider>
          <App />
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
