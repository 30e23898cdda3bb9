/** Numbers that the core decides by and that the interface or the command line names or asks for: each is here once. */

/** From so many prompts of one client within a minute on, pausing the client is offered. */
export const OFFER_PAUSE_AT = 8;
/** Minutes for which a client is paused where nobody says how long, and at most. */
export const PAUSE_MINUTES = 15;
export const LONGEST_PAUSE_MINUTES = 1440;
/** Minutes for which everything is let through where nobody says how long, and at most. */
export const BYPASS_MINUTES = 15;
export const LONGEST_BYPASS_MINUTES = 60;
/** Missed calls that are kept and listed. */
export const MAX_MISSED_CALLS = 500;
/** Days that the numbers about prompts look back where nobody says how many, and at most. */
export const HEALTH_DAYS = 30;
export const LONGEST_HEALTH_DAYS = 90;
/** Below this confidence (0…1) the class of a tool is called unclear: signs are few, or disagree. */
export const CLEAR_CONFIDENCE = 0.7;
