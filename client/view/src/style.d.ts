/** Lets the page import its style sheet; esbuild writes it to dist/view.css. */
declare module '*.css';
