/** Sizes as people read them: `16 KiB (0x4000, 4 pages)`. */
import { PAGE_SIZE } from '../kernel/constants.ts';

const units = [
  ['GiB', 1n << 30n],
  ['MiB', 1n << 20n],
  ['KiB', 1n << 10n],
] as const;

/** `bytes` in the largest unit that divides it, with the hexadecimal number and the pages when they are whole. */
export function formatSize(bytes: bigint): string {
  const unit = units.find(([, size]) => bytes >= size && bytes % size === 0n);
  const short = unit ? `${bytes / unit[1]} ${unit[0]}` : `${bytes} bytes`;
  const pages = bytes > 0n && bytes % PAGE_SIZE === 0n ? `, ${bytes / PAGE_SIZE} ${bytes === PAGE_SIZE ? 'page' : 'pages'}` : '';
  return `${short} (0x${bytes.toString(16)}${pages})`;
}
