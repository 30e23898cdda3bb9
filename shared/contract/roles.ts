import * as z from 'zod';

/** Calls of the main window, the command line and the tray. */
export const manager = ['manager'] as const;
/** Calls that the prompt window may make, too: it follows the state, decides about calls, and pauses clients. */
export const both = ['manager', 'approver'] as const;

/** The input of a call that takes none. */
export const Empty = z.strictObject({});
/** The output of a call that gives none. */
export const Done = z.null();
