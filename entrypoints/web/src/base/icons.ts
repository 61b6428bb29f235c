import type { IconNode } from 'lucide';
import { noChange } from 'lit';
import { directive, Directive, type ElementPart, type DirectiveResult } from 'lit/directive.js';
import { html, type TemplateResult } from 'lit';

const SVG = 'http://www.w3.org/2000/svg';
const drawn = new WeakMap<IconNode, SVGSVGElement>();

function draw(node: IconNode): SVGSVGElement {
  const picture = document.createElementNS(SVG, 'svg');
  const attributes = { class: 'icon', viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'aria-hidden': 'true' };
  const strokes = { 'stroke-width': '1.75', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [name, value] of Object.entries({ ...attributes, ...strokes })) picture.setAttribute(name, value);
  for (const [tag, shape] of node) {
    const part = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(shape)) part.setAttribute(name, String(value));
    picture.append(part);
  }
  return picture;
}

class Drawing extends Directive {
  #node?: IconNode;
  #shown?: SVGSVGElement;

  render(_node: IconNode): unknown {
    return noChange;
  }

  override update(_part: ElementPart, [node]: [IconNode]): unknown {
    if (node !== this.#node) {
      if (!drawn.has(node)) drawn.set(node, draw(node));
      this.#node = node;
      this.#shown = drawn.get(node)?.cloneNode(true) as SVGSVGElement;
    }
    return this.#shown;
  }
}

const drawing = directive(Drawing) as unknown as (node: IconNode) => DirectiveResult;

/** A lucide icon as SVG, hidden from screen readers: say what it means beside it. `icon(Trash)` with the import from lucide. */
export function icon(node: IconNode): TemplateResult {
  return html`${drawing(node)}`;
}
