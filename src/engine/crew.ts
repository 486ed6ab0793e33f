/**
 * How the parts of a search keep in step. They work in rounds; at the end of each they meet, and then know the same:
 * how much is open, how much was found, whether somebody wants to stop. So they all take the same decision next.
 */

/** What a part tells the others at the end of a round. */
export interface Standing {
  /** States of this level not expanded yet, or on their way to another part. */
  readonly open: number;
  /** States of the next level. */
  readonly waiting: number;
  readonly stored: number;
  readonly bytes: number;
  /** Why it cannot go on: a number that the search knows, 0 if it can. */
  readonly stop: number;
  /** Wishes to save the states when the level ends. */
  readonly save: boolean;
  /** For each property found in this level, by number, the largest state. */
  readonly found: ReadonlyMap<number, Uint32Array>;
}

export interface Crew {
  readonly parts: number;
  readonly id: number;
  /** Takes in what the others have sent. */
  collect(receive: (keys: Uint32Array, at: number) => void): void;
  /** Tells the standing; true if everybody has, and `all` may be asked; false if it is to be called again. */
  meet(standing: Standing): boolean;
  /** The standings of everybody in this round. */
  all(): readonly Standing[];
}

/** A search that has one part. */
export class Alone implements Crew {
  readonly parts = 1;
  readonly id = 0;
  private standing: readonly Standing[] = [];

  collect(): void {
    // Nobody sends anything.
  }

  meet(standing: Standing): boolean {
    this.standing = [standing];
    return true;
  }

  all(): readonly Standing[] {
    return this.standing;
  }
}
