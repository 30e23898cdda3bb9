import type { Parameter } from '../schema.ts';
import type { Signal } from '../signal.ts';
import { firstSentence } from '../tokens.ts';
import { BOOKINGS, MONEY_NOUNS, MONEY_OBJECTS, NOT_MONEY, READ_ENDINGS, VERBS } from '../words.ts';

/** Verbs that are about money only with an object that is: `transfer_funds`, but not `transfer_issue`. */
const MOVERS = new Set(
  'transfer send swap mint bridge sign broadcast move wire release approve delegate exchange airdrop'.split(
    ' ',
  ),
);
/** Words for money that is moved where the arguments name an amount or a basket, and who gets it. */
const WITH_AMOUNT = new Set(
  'transfer transfers swap order wire exchange checkout send place bridge'.split(' '),
);
const AMOUNT =
  /^(amount|amounts|amount_\w+|\w+_amount|value|price|quantity|qty|sku|product_id|cart|cart_id|basket_id|currency|items|line_items|total|lamports|wei)$/;
const PARTY =
  /^(to|recipient|recipient_\w+|to_\w+|destination|payee|iban|account|account_id|customer|customer_id|card|card_id|payment_method|payment_method_id|wallet|cart|cart_id|basket_id|sku|product_id|quantity|qty|currency|symbol|side)$/;

/** "Purchase a number", "transfers tokens", but not "available for purchase". */
const MONEY_BACK = /\bfor a (?:full |partial )?refund\b/i;
const MONEY_SENTENCE =
  /(?<!\b(?:for|of|after|before|past|previous|recent|last|each|per|your|my|their|a|the|in-app|in) )\b(?:purchas(?:e|es|ing)\b(?! (?:history|orders? details|price|date|info))|buys? (?:a|an|the|some|one|shares?|stocks?|crypto|tokens?|it|them|\w+ (?:from|for|with))|spend(?:s|ing)? (?:money|funds|credits)|process(?:es)? (?:a |an |the )?(?:payment|refund)|(?:transfer|send|move|withdraw|deposit|swap|stake)(?:s|ing)? (?:of |an? |the |your |some |all )?(?:\w+ ){0,2}(?:funds|money|tokens?|crypto|cryptocurrency|eth|btc|sol|usdc|coins)\b|places? (?:an? |the )?(?:\w+ )?(?:order|trade|bet)\b|issues? (?:a )?refund|adds? funds|settles? (?:an? |the )?(?:\w+ )?(?:invoice|bill|debt|balance)|(?:upgrade|subscribe|switch)(?:s)? (?:\w+ ){0,4}paid (?:plan|tier|subscription)|charging (?:the|your|their|a) |claims? (?:\w+ )?rewards|pays? (?:for|an?|the|your|with) |charges? (?:a|an|the|their|your|its) (?:\w+ )?(?:card|customers?|users?|accounts?|payment)|captures? (?:an? |the )?(?:\w+ )?payment|(?:book|reserve)s? (?:an? |the |your )?(?:\w+ )?(?:flights?|hotels?|tickets?|rooms?|cars?|trips?|rides?|seats?)\b|orders? (?:a|an|some) \w+|(?:sends?|makes?|initiates?) (?:a |an )?(?:\w+ )?(?:wire|payments?|bank transfers?)\b)/i;

/** Whether this sentence of a description says that money is moved. */
export function saysMoney(sentence: string): boolean {
  return MONEY_SENTENCE.test(sentence) || MONEY_BACK.test(sentence);
}

/** Moving money: a verb of payment, or any changing verb on an invoice, a subscription, an order. */
export function nameMoney(
  tokens: readonly string[],
  description: string,
  parameters: readonly Parameter[],
): Signal | undefined {
  const because = (reason: string, weak = false): Signal => ({ category: 'Financial', weak, reason });
  const first = tokens[0] ?? '';
  const last = tokens.at(-1) ?? '';
  const lead = VERBS.get(first);
  if (first === 'capture' && tokens.some((token) => token.startsWith('payment')))
    return because('name captures a payment');
  if (lead?.category === 'Read' && !lead.weak) return undefined;
  if (/^(execute|perform|make|do|submit|initiate)$/.test(first) && tokens.includes('swap'))
    return because(`name says ${first} swap`);
  const noun = tokens.find((token, i) => i > 0 && MONEY_NOUNS.has(token));
  const about = NOT_MONEY.test(tokens.join(' ')) || NOT_MONEY.test(firstSentence(description));
  if (['book', 'reserve', 'order', 'rebook'].includes(first) && tokens.some((token) => BOOKINGS.has(token)))
    return because('name books something that costs money');
  const object = tokens.find((token, i) => i > 0 && MONEY_OBJECTS.has(token));
  if (
    MOVERS.has(first) &&
    object !== undefined &&
    !/\b(auth|api|access|session|csrf|design)\b/.test(tokens.join(' '))
  )
    return because(`name says ${first} ${object}`);
  if (
    first.startsWith('subscrib') &&
    !about &&
    tokens.some((token) => ['plan', 'premium', 'pro', 'membership', 'paid'].includes(token))
  )
    return because('name subscribes to something paid');
  const looked = READ_ENDINGS.has(last) && tokens.length > 1;
  if ((WITH_AMOUNT.has(first) || WITH_AMOUNT.has(last)) && !looked) {
    const amount = parameters.find(({ key }) => AMOUNT.test(key));
    const party = parameters.find(({ key }) => PARTY.test(key));
    if (amount !== undefined && party !== undefined)
      return because(`name says ${WITH_AMOUNT.has(first) ? first : last}, with argument ${amount.name}`);
    if (
      tokens.length === 1 &&
      ['transfer', 'swap', 'order', 'wire'].includes(first) &&
      description.trim() === ''
    )
      return because(`name says ${first}, and nothing says of what`, true);
  }
  if (tokens.includes('checkout') && tokens.some((t) => ['session', 'cart', 'basket'].includes(t)))
    return because('name checks out a cart');
  if (first === 'place' && noun !== undefined) return because(`name says place ${noun}`);
  if (lead === undefined || noun === undefined || about || looked) return undefined;
  if ((noun === 'transfer' || noun === 'transfers') && !saysMoney(description)) return undefined;
  return because(`name says ${first} ${noun}`);
}

/** Whether a tool is about money at all; a tool that only reads is not more dangerous because of that. */
export function aboutMoney(tokens: readonly string[], description: string): boolean {
  return (
    tokens.some((token) => MONEY_NOUNS.has(token) || token === 'balance' || token === 'pricing') ||
    /\b(billing|pric(es?|ing)|costs?|payments?|invoices?|balances?|refunds?)\b/i.test(
      firstSentence(description),
    )
  );
}
