/** Tells when nothing has happened for a while: the time for what nobody waits for. Knows nothing of what happens. */

/** To be called whenever something happens; `work` is done once nothing has for `pause` milliseconds. Keeps no process alive. */
export function whenQuiet(work: () => void, pause: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, pause);
    timer.unref();
  };
}
