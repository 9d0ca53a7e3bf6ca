// When the tests themselves are interrupted, what they started goes too: every
// site and temporary directory leaves a synchronous last will here.

const wills = new Set();

/** Runs `will` if this process ends before the returned function was called. */
export function atExit(will) {
  wills.add(will);
  return () => wills.delete(will);
}

process.once('exit', () => {
  for (const will of wills) {
    try {
      will();
    } catch {
      // the next one still gets its turn
    }
  }
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
