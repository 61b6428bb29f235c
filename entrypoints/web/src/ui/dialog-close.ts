/** The person wants the dialog closed (Esc, ✕, a click beside it); `preventDefault()` keeps it open. */
export class DialogCloseEvent extends Event {
  constructor() {
    super('dialog-close', { cancelable: true });
  }
}
