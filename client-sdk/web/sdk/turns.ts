// turns -- one thing at a time. Cryptography in a browser is asynchronous; what a frame, a timer or a call does must be over
// before the next one begins, as on the C side's one thread.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs after everything asked for before. What the task throws reaches only its caller. */
  run<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
