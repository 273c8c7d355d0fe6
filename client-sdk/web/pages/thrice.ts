// thrice -- Esc three times, soon one after another: the way out that needs no aim. Once or twice closes what stands open.
const PRESSES = 3;
const WITHIN_MS = 3_000;

/** Presses of Esc at these times, the newest last. */
function isThrice(pressed: readonly number[]): boolean {
  const first = pressed[pressed.length - PRESSES];
  return first !== undefined && (pressed[pressed.length - 1] as number) - first < WITHIN_MS;
}

export function escapeListen(leave: () => void): void {
  const pressed: number[] = [];
  addEventListener("keydown", ({ key, repeat, timeStamp }) => {
    if (key !== "Escape" || repeat) return;
    pressed.push(timeStamp);
    if (isThrice(pressed)) leave();
  }, { capture: true });
}
