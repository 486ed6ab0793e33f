/** Numbers for lists, equal for equal lists. Lists that begin alike share what is kept of them: most of them grow out of others. */
export class ListIds {
  /** By the number of all but the last item, and that item. */
  private readonly ids = new Map<string, number>();
  private readonly known = new WeakMap<readonly unknown[], number>();
  private readonly texts = new WeakMap<object, string>();

  /** Of a list that is never changed. */
  readonly of = (list: readonly unknown[]): number => {
    const known = this.known.get(list);
    if (known !== undefined) return known;
    let id = 0;
    for (const item of list) {
      const key = `${id} ${this.textOf(item)}`;
      let next = this.ids.get(key);
      if (next === undefined) this.ids.set(key, (next = this.ids.size + 1));
      id = next;
    }
    this.known.set(list, id);
    return id;
  };

  private textOf(item: unknown): string {
    if (typeof item !== 'object' || item === null) return JSON.stringify(item);
    let text = this.texts.get(item);
    if (text === undefined) this.texts.set(item, (text = JSON.stringify(item)));
    return text;
  }
}
