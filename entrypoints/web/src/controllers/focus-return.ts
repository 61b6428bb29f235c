/** The element that has the focus, through shadow roots. */
export function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** Remember who has the focus; the function that comes back returns it, if that one is still there. */
export function rememberFocus(): () => void {
  const before = focused();
  return () => {
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
}
