import './client/no-eval.ts';
import './styles/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { createStore } from './client/store.ts';
import { createConnect } from './client/transport.ts';
import { applyTheme } from './ui/theme.ts';

applyTheme();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={createStore(createConnect(window))} ownApprovalWindow={window.drawbridge !== undefined} />
  </StrictMode>,
);
