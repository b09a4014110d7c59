import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { httpAsk } from './api/ask.ts';
import { httpConsoleApi } from './api/console-api.ts';
import { App } from './app.tsx';
import { startOfflineWorker } from './live/remember-live.ts';
import { followOldAddresses } from './routes/old-addresses.ts';
import { startTexts } from './texts/i18n.ts';
import { TextsProvider } from './texts/texts.tsx';
import { startTheme } from './ui/theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const ask = httpAsk();

followOldAddresses();
startTheme();
startOfflineWorker();
await startTexts();
createRoot(root).render(
  <StrictMode>
    <TextsProvider>
      <App api={httpConsoleApi(ask)} ask={ask} streamUrl="/api/v1/stream" />
    </TextsProvider>
  </StrictMode>,
);
