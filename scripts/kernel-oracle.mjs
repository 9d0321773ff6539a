/** `npm run test:kernel [-- MODULE…] [--kernel 6.1|6.12] [--write]`: asks real kernels under QEMU; see test/kernel/README.md. */
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/kernel/run.ts', process.argv.slice(2)));
