import type { Category } from '../../../shared/schemas/common.ts';

/**
 * Verbs and what a tool that does this is. `weak` verbs say little by themselves and do not count where there is a clear word.
 * Only general English and computing words: never names of tools or products.
 */
const STRONG: Record<Category, string> = {
  Read: `get list search read fetch find describe show check count view lookup retrieve browse inspect summarize summarise
    compare preview poll explain query paginate enumerate display examine explore discover detect identify estimate
    calculate compute measure analyze analyse audit diff scan lint grep tail ls cat stat head peek whoami decompile
    disassemble introspect visualize watch look obtain surface translate transcribe diagnose
    learn recommend suggest locate monitor validate verify parse extract scrape crawl capture dump reveal decrypt
    geocode forecast predict classify rank decode tokenize autocomplete whois dig traceroute trace profile assess research
    subtract multiply divide sum average blame plan aggregate correlate`,
  Write: `create add update edit set write insert upsert put patch post rename move copy upload save import assign unassign
    tag untag label comment reply send publish share invite configure enable disable mark star unstar follow unfollow
    subscribe unsubscribe archive unarchive restore merge push commit fork clone checkout close reopen submit register
    attach append replace modify change schedule reschedule transition mute unmute pin unpin react store record annotate
    lock unlock approve accept grant assign click fill type press drag hover emulate resize duplicate amend stage
    define initiate initialize initialise customize reorder reprioritize convert switch allow snooze dismiss log
    toggle link connect disconnect unresolve ingest remember draft compose simulate forward mention request adjust bookmark tweet
    paste increment sort establish persist sync provision setup overwrite finalize finalise vote like endorse sign chmod chown block unblock whitelist blacklist backup new pass
    notify email acknowledge ack escalate protect unprotect rotate freeze unfreeze suspend unsuspend leave join respond rsvp decline reject
    populate replicate mirror seal unseal expire undelete recover mkdir cp mv touch authorize permit elevate demote stash rebase
    squash timeout cordon uncordon deactivate reactivate enroll extend renew prepend renumber detach eject arm disarm upgrade downgrade
    enqueue upvote downvote repost retweet unlike print bump reassign relabel regenerate hold reserve vacate encrypt exempt rewrite transpose decrement activate fix repair correct quarantine heal claim`,
  Execute: `run execute exec invoke trigger launch start stop restart rerun retry resume pause deploy redeploy evaluate eval
    build rebuild compile install spawn dispatch rollback apply scale reboot navigate cancel abort train migrate shell bash
    terminal powershell halt kickoff call dial automate orchestrate hibernate promote shutdown poweroff turn power curl ssh impersonate inject exploit wake
    boot play skip revert deallocate failover flash calibrate dial rescale interrupt spin reload benchmark goto`,
  Destructive: `delete remove destroy drop purge wipe erase truncate clear prune revoke uninstall terminate kill reset
    unpublish expunge flush nuke trash unlink empty rm del rmdir discard deprovision deregister shred cleanup
    evict decommission unregister ban expel nullify void kick obliterate annihilate teardown burn deauthorize offboard disband drain
    flushdb flushall invalidate unenroll forget eliminate`,
  Financial: `pay charge refund withdraw deposit purchase buy payout sell donate bid stake unstake topup reimburse remit
    disburse invest trade borrow lend repay liquidate redeem prepay overpay settle fund`,
};
const WEAK: Partial<Record<Category, string>> = {
  Destructive: 'clean',
  Read: 'wait receive select export download snapshot screenshot ping map test review match',
  Write:
    'open generate manage process handle use work perform make do design prepare complete confirm init transform render transfer swap resolve format place answer ask end order exchange release bridge mint book return report',
};

export interface Verb {
  readonly base: string;
  readonly category: Category;
  readonly weak: boolean;
}
const split = (text: string) => text.trim().split(/\s+/);

/** Base forms, as names are written. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [
    ...Object.entries(WEAK).map(([category, words]) => ({ category, words, weak: true })),
    ...Object.entries(STRONG).map(([category, words]) => ({ category, words, weak: false })),
  ].flatMap(({ category, words, weak }) =>
    split(words).map((base) => [base, { base, category: category as Category, weak }] as const),
  ),
);

/** Descriptions say what a tool returns; `return_book` as a name is something else. */
const RETURN: Verb = { base: 'return', category: 'Read', weak: false };

/** Every form a description uses: deletes, deleting, searches, queries, runs, running. */
export const VERB_FORMS: ReadonlyMap<string, Verb> = new Map(
  [...VERBS].flatMap(([base, verb]) =>
    forms(base).map((form) => [form, base === 'return' ? RETURN : verb] as const),
  ),
);

/** deletes, searches, queries. */
export function thirdPerson(base: string): string {
  if (/(s|x|z|ch|sh)$/.test(base)) return `${base}es`;
  return /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}ies` : `${base}s`;
}

function forms(base: string): string[] {
  const stem = /[^aeiou]e$/.test(base) ? base.slice(0, -1) : base;
  const doubled = /^[^aeiou]*[aeiou][bdgmnprt]$/.test(base) ? `${base}${base.at(-1)}` : stem;
  return [base, thirdPerson(base), `${stem}ing`, `${doubled}ing`];
}

/** "are deleted", "will be overwritten": what happens to things, said without saying who does it. */
export const PARTICIPLES: ReadonlyMap<string, Category> = new Map([
  ...split(
    'deleted removed destroyed wiped erased purged revoked terminated killed uninstalled obliterated shredded trashed expunged',
  ).map((word) => [word, 'Destructive'] as const),
  ...split(
    'overwritten emailed sent uploaded published posted archived disabled created modified updated forwarded',
  ).map((word) => [word, 'Write'] as const),
  ...split('charged debited').map((word) => [word, 'Financial'] as const),
]);

/** Verbs that are as often the thing a name is about: `run_status`, `order_history`, `post_search`. */
export const ALSO_NOUNS = new Set(
  split(`post comment message order run build commit log branch tag label file review request call charge test upload download
    export import script command process query schedule list note star fork release change update search status transfer trade
    deposit purchase refund record link map type merge push set head tail start stop trigger check report view watch shell
    terminal clone copy share draft bookmark mention scan audit monitor snapshot screenshot duplicate backup block vote sign stake bid cat stat drop patch
    email plan trace profile forecast rank sum average research mirror seal stash touch hold timeout print play skip flash boot answer book design
    format match swap exchange release bridge mint place end power benchmark upgrade bump store stage pin lock click press drag hover type
    alert rollback checkout fund fix claim return extract dump display dispatch transition template`),
);

/** Last words of a name that say it is looked at: `job_status`, `issue_read`, `file_contents`. */
export const READ_ENDINGS = new Set(
  split(`status info details detail history stats statistics metadata schema schemas logs log metrics summary overview version versions
    contents content usage health tree list search read get query lookup results result documentation docs insights catalog
    spec output keys values findings languages availability balance forecast quote quotes weather time date help about
    metadata indexes size count view show progress methods score scores level levels price prices rate rates state states
    hierarchy structure timeline leaderboard rankings trends definition definitions glossary changelog headlines alerts`),
);

/** Things that money moves through. */
export const MONEY_NOUNS = new Set(
  split(`payment payments invoice invoices refund refunds payout payouts charge charges subscription subscriptions wallet
    checkout billing purchase purchases order orders transfer transfers funds money trade trades deposit withdrawal withdrawals
    donation crypto cash giftcard payroll loan mortgage escrow`),
);
/** Objects that make `transfer`, `send`, `swap`, `mint` a payment. */
export const MONEY_OBJECTS = new Set(
  split(`funds fund money payment payments token tokens eth ether btc bitcoin sol usdc usdt crypto coin coins balance cash
    asset currency erc20 nft nfts transaction amount dollars euros salary wallet lamports sats allowance spending`),
);
export const BOOKINGS = new Set(
  split(
    'flight flights hotel hotels ticket tickets room rooms travel trip stay rental car taxi ride seat cruise train',
  ),
);
/** Words next to `subscription` or `order` that show it is not about money. */
export const NOT_MONEY =
  /\b(notifications?|topics?|events?|webhooks?|pub\/?sub|mailing|newsletter|channels?|alerts?|threads?|feeds?|sort order|in order|queue|graphql|azure subscriptions?|git)\b/i;
