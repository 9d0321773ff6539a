/**
 * `npm start`: installs what is missing, builds, and shows the main job in the terminal on an example driver:
 * its findings, then the story of its mmap handler.
 */
import { build } from './build.mjs';
import { ensureInstalled, runNode } from './project.mjs';

const driver = 'examples/framebuffer-card.c';

/** Runs the command line and returns its exit code; 1 means findings, which is what the example is for. */
function show(...args) {
  console.log(`\n$ driver-mmap ${args.join(' ')}\n`);
  return runNode(['server/dist/cli.cjs', ...args]);
}

ensureInstalled();
await build();
const codes = [show('check', driver), show('simulate', driver)];
process.exit(codes.every((code) => code <= 1) ? 0 : 1);
