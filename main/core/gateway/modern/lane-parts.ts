import type { InFlight } from '../call/in-flight.ts';
import type { ToolListing } from '../upstream/tool-listing.ts';
import type { ClientTasks } from './client-tasks.ts';
import type { Rounds } from './rounds.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What a lane consists of, for what looks at its requests and at the server's messages. */
export interface LaneParts {
  readonly requests: InFlight;
  readonly listing: ToolListing;
  readonly subscriptions: Subscriptions;
  readonly rounds: Rounds;
  readonly tasks: ClientTasks;
}
