import type { Session } from '../legacy/session.ts';
import type { Member } from './member.ts';

/** The servers that an aggregate joins. */
export class Members {
  readonly #servers: () => readonly string[];
  readonly #make: (server: string, index: number) => Member;
  readonly #byServer = new Map<string, Member>();

  /**
   * @param servers of the client, in the order of its settings
   * @param make a member at its first use; `index` is how many there were before
   */
  constructor(servers: () => readonly string[], make: (server: string, index: number) => Member) {
    this.#servers = servers;
    this.#make = make;
  }

  /** Every server of the client, in the order of its settings. */
  all(): Member[] {
    return this.#servers().map((server) => {
      let member = this.#byServer.get(server);
      if (!member) {
        member = this.#make(server, this.#byServer.size);
        this.#byServer.set(server, member);
      }
      return member;
    });
  }

  /** Those that were used before, also of servers that the client has no more. */
  begun(): Member[] {
    return [...this.#byServer.values()];
  }

  /** The sessions that are initialized. */
  sessions(): Session[] {
    return this.begun().flatMap(({ session }) => session ?? []);
  }

  /** The session that has this request of the client under way. @param id raw */
  holder(id: string): Session | undefined {
    return this.sessions().find(({ requests }) => requests.byId.get(id));
  }
}
