/** Tests run on the TypeScript sources; only those that drive the command line or the server use the built bundles. */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**'],
    testTimeout: 30_000,
    passWithNoTests: false,
  },
  // The editor is no package: it brings the module itself.
  resolve: { alias: [{ find: /^vscode$/, replacement: path.join(import.meta.dirname, 'test/support/vscode.ts') }] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
