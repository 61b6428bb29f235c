/** A custom element class that knows the name it goes by when the host does not choose another. */
export interface ElementClass extends CustomElementConstructor {
  readonly tag: string;
}

const warned = new Set<string>();

/**
 * Register an element, under its own name or one of the host's choice. A name that is taken by another class is left
 * alone, with one warning; a class that is known under another name gets this one as well.
 */
export function define(element: ElementClass, name: string = element.tag, registry = customElements): void {
  const taken = registry.get(name);
  if (taken === undefined) {
    registry.define(name, registry.getName(element) === null ? element : class extends element {});
  } else if (taken !== element && !warned.has(name)) {
    warned.add(name);
    console.warn(`<${name}> is already defined by something else on this page; call define(…, "another-name").`);
  }
}

/** The name that a class is registered under; it is registered under its own when it is not yet. */
export function nameOf(element: ElementClass): string {
  const known = customElements.getName(element);
  if (known !== null) return known;
  const free = customElements.get(element.tag) === undefined ? element.tag : `cm-${element.tag}`;
  define(element, free);
  return free;
}
