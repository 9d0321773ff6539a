/** Boots QEMU with a kernel and an initramfs, and gives the lines of the second serial port when the machine restarts. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Kernel } from './kernels.ts';

/** The holes in physical memory that drivers of fixed windows use: the first has struct pages, the second has none. */
export const holes = [
  { start: 0x800_0000, bytes: 16 << 20, hasPages: true },
  { start: 0x1800_0000, bytes: 128 << 20, hasPages: false },
] as const;

const commandLine = [
  'console=ttyS0 loglevel=1 panic=-1 oops=continue panic_on_oops=0 nokaslr mitigations=off',
  ...holes.map(({ start, bytes }) => `memmap=${bytes >> 20}M$0x${start.toString(16)}`),
].join(' ');

/**
 * After so long without a line, and without the machine's end, it is killed: a busy host may need minutes to boot, and a scenario takes
 * seconds at the most. Milliseconds.
 */
const patience = { toBoot: 300_000, afterLine: 90_000 };

export interface Boot {
  /** The lines that the init program wrote. */
  readonly lines: readonly string[];
  /** The end of what the kernel said, for the report of a boot that went wrong. */
  readonly console: string;
}

/** One boot; ends when the machine restarts or says nothing for too long. `onLine` is told of each line as it comes. */
export async function boot(kernel: Kernel, archive: Buffer, onLine: (line: string) => void = () => {}): Promise<Boot> {
  const folder = mkdtempSync(path.join(tmpdir(), 'oracle-'));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('initrd'), archive);
  const args = [
    // The guest's clock counts instructions, and jumps where the guest would only wait: a busy host changes nothing.
    ...[
      '-icount',
      'shift=3,sleep=off',
      '-accel',
      'tcg',
      '-cpu',
      'max',
      '-m',
      '512',
      '-smp',
      '1',
      '-display',
      'none',
      '-vga',
      'std',
      '-no-reboot',
      '-net',
      'none',
    ],
    ...['-serial', `file:${file('console')}`, '-serial', 'stdio', '-monitor', 'none'],
    ...['-kernel', kernel.image, '-initrd', file('initrd'), '-append', commandLine],
  ];
  const machine = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let rest = '';
  let complaint = '';
  let timer = setTimeout(() => machine.kill('SIGKILL'), patience.toBoot);
  machine.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => machine.kill('SIGKILL'), patience.afterLine);
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      onLine(line);
    }
  });
  machine.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  await new Promise<void>((resolve) => machine.on('close', () => resolve()));
  clearTimeout(timer);
  let said = '';
  try {
    said = readFileSync(file('console'), 'latin1');
  } catch {
    // QEMU did not come far enough to make it.
  }
  rmSync(folder, { recursive: true, force: true });
  return { lines, console: `${complaint}${said}`.slice(-3000) };
}
