/** The Linux versions that users are offered to choose from; any other may be written. Plain data. */

/** Those at which drivers' behaviour changed, and the ones that are maintained for long; oldest first. */
export const offeredKernels: readonly string[] = [
  '2.4',
  '2.6.10',
  '2.6.15',
  '2.6.32',
  '3.10',
  '4.4',
  '4.19',
  '5.4',
  '5.10',
  '5.15',
  '6.1',
  '6.6',
  '6.12',
  '7.1',
];
