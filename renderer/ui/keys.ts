/** What stands before a key in texts: `⌘` on Apple systems, `Ctrl ` elsewhere. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl ';
