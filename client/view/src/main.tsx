/** Entry of the simulation page: draws the app and lets the host feed it. */
import { render } from 'preact';
import { App } from './app.tsx';
import { connectHost } from './host.ts';
import './style.css';

const place = document.getElementById('app');
if (place) render(<App host={connectHost()} />, place);
