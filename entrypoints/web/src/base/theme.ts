import tokens from './tokens.css?inline';

let sheet: CSSStyleSheet | undefined;

/** Give a document (or a shadow root's document) the tokens, once. A constructed sheet passes a strict CSP. */
export function adoptTokens(page: Document = document): void {
  if (sheet !== undefined) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens);
  page.adoptedStyleSheets = [sheet, ...page.adoptedStyleSheets];
}
