// Looking again while something is still going on.

/**
 * Calls `look` every `millis` until it answers false or the page is left. A hidden tab waits; a failed look is tried
 * again at the next turn, because a restarting server should not end the watching.
 */
export function watch(signal, millis, look) {
  let timer;
  const turn = async () => {
    let goOn = true;
    if (!document.hidden) {
      try {
        goOn = (await look()) !== false;
      } catch (failed) {
        if (failed.name === 'AbortError') return;
      }
    }
    if (goOn && !signal.aborted) timer = setTimeout(turn, millis);
  };
  timer = setTimeout(turn, millis);
  signal.addEventListener('abort', () => clearTimeout(timer));
}
