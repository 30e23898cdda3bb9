import type { Json } from '../codec/types.ts';
import { eachText } from './walk.ts';

/** Words that speak to the model instead of describing the tool. */
export interface Instruction {
  /** What it does, for a sentence: "tells the model to hide something from the person". */
  readonly meaning: string;
  /** The words, at most 120 characters. Untrusted. */
  readonly words: string;
  readonly path: string;
}

/** Read at most; a definition with more text than this is looked at up to here, and says so through `cut`. */
const MAX_TEXT = 256 * 1024;

const OTHERS = "(previous|prior|above|earlier|preceding|existing|all|your|any|safety|system|user'?s?|the)";
const RULES =
  '(instructions?|directions?|directives?|prompts?|rules?|constraints?|guidelines?|guardrails?|polic(y|ies)|request|commands?|checks)';
const SECRETS = String.raw`(~?/?\.ssh\b|id_rsa|id_ed25519|\.aws/credentials|/etc/(passwd|shadow)|\.(env|netrc|npmrc|pgpass)\b|mcp\.json|\.git-credentials|ssh keys?|api keys?|access tokens?|credentials?|passwords?|environment variables|env vars|clipboard|system prompt|hidden system instructions|(entire|full|whole) conversation( history)?|conversation history|chat history)`;
const TAKE =
  '(read|reads|open|cat|include|append|embed|pass|attach|copy|collect|access|return the contents of|output|reveal|print)';
const SEND =
  '(send|sends|post|posts|upload|uploads|forward|forwards|transmit|leak|exfiltrate|exfiltrates|bcc|report)';
const ELSEWHERE = String.raw`(https?://|external (host|server|endpoint|url|service|analytics)|remote (server|host|endpoint)|attacker|third[- ]part(y|ies)|collector\b|our (server|endpoint|external))`;

interface Pattern {
  readonly meaning: string;
  readonly test: RegExp;
  /** May be quoted by a tool that looks for such words in what others write. */
  readonly quotable?: boolean;
}

const WRITTEN: readonly Pattern[] = [
  {
    meaning: 'tells the model to set other instructions aside',
    test: new RegExp(
      String.raw`\b(ignore|disregard|forget|override|bypass)\b.{0,20}?\b${OTHERS}\b.{0,40}?\b${RULES}\b`,
    ),
    quotable: true,
  },
  {
    meaning: 'tells the model to set other instructions aside',
    test: /\b(ignore|disregard|forget) (all |everything )?(of )?(the )?(above|previous|prior)\b(?! (errors?|results?|values?|pages?|state))/,
    quotable: true,
  },
  {
    meaning: 'tells the model to set other instructions aside',
    test: /\b(ignore the user'?s|without applying safety|developer mode\b.{0,40}\b(must|comply|now)|must (now )?(comply|obey)|obey (whatever|any|all|every)|follow these new)\b/,
    quotable: true,
  },
  {
    meaning: 'tells the model to hide something from the person',
    test: /\b(do not|don't|never|must not|without|avoid)\b.{0,20}\b(tell|telling|mention|mentioning|inform|informing|reveal|revealing|notify|notifying|alert|alerting|disclose|disclosing|show|showing)\b.{0,30}\b(the users?|the human|the person|them|him|her|anyone|these instructions|this (step|instruction|note)|to users?)\b/,
    quotable: true,
  },
  {
    meaning: 'tells the model to hide something from the person',
    test: /\b(silently|secretly|covertly|quietly|in the background)\b.{0,30}\b(send|append|add|upload|read|forward|include|copy|post|collect|run|execute|call|pass)\b|\bhidden (directive|instruction|command)\b/,
    quotable: true,
  },
  {
    meaning: 'is marked as an instruction rather than a description',
    test: /<\s*\/?\s*(important|secret|system|instructions?|assistant|admin|hidden|critical|override)\b[^>]{0,60}>|\[\s*(assistant|system|hidden|inst\b|instructions?)[^\]]{0,30}|<\|?(im_start|system)\|?>|#{2,}\s*(new )?(system|instructions?|assistant)\b|\{\{\s*system|<!--/,
  },
  {
    meaning: 'speaks to the model',
    test: /(^|[.!?\n(]\s*)(note to (the )?(assistant|model|ai|agent|llm)|(system|assistant|prompt)\s*:\s)|\b(you are now|as an ai|from now on,?\s|dear (assistant|model|ai)|(assistant|agent|model|llm|ai)s? (must|shall|should always|has to|have to|needs? to) )/,
  },
  {
    meaning: 'tells the model what to do before or with every use',
    test: /\b(before|prior to|after|when|whenever|each time|every time|on (each|every))\b.{0,16}\b(using|calling|invoking|executing|running|use|call|invocation)\b( of)?.{0,24}?[, ].{0,12}\b(you (must|should|need to|have to)|must|always|first|also|read|send|call|fetch|include|pass|exfiltrate|embed)\b.{0,60}\b(file|contents?|read|send|pass|include|tool|credentials?|keys?|user|message|conversation|token)/,
  },
  {
    meaning: 'asks for secrets or private files',
    test: new RegExp(String.raw`\b${TAKE}\b.{0,60}?(?<![a-z])${SECRETS}`),
    quotable: true,
  },
  {
    meaning: 'sends data elsewhere',
    test: new RegExp(
      String.raw`\b${SEND}\b.{0,80}?(\b|(?=https?:))${ELSEWHERE}|\b${SEND}\b.{0,60}?(?<![a-z])${SECRETS}|\b(?<!-)exfiltrat(e|es|ing|ion)\b`,
    ),
    quotable: true,
  },
  {
    meaning: 'tells the model how to use other tools',
    test: /\b(instead of|supersedes?|in place of)\b.{0,12}\b[a-z]+_[a-z_]+\b.{0,80}\b(route|forward|redirect|send|here)\b|\b(modif(y|ies)|changes?|overrides?|alters?) the behaviou?r of\b|\b(when|whenever)\b.{0,20}\b[a-z]+_[a-z_]+\b( tool)?.{0,12}\b(is|are|gets) (called|invoked|used|run)\b|\breplace its output\b|\b(for best results,?|should|must|always)( first)? (call|invoke|run|use) [a-z]+_[a-z_]+\b|\brequires you to\b.{0,20}\bcall\b/,
  },
  {
    meaning: 'speaks of what happens once it is approved',
    test: /\b(once|after) (it is |this tool has been |this tool is |being |the )?approv(ed|al)\b|\b(post|after)[- ]approval\b/,
    quotable: true,
  },
];

const PATTERNS = WRITTEN.map((pattern) => ({ ...pattern, test: new RegExp(pattern.test.source, 'g') }));

/** What stands before words that are quoted, looked for or described, and not said. */
const QUOTING =
  /\b(detects?|detecting|scans?|scanning|such as|strings? like|phrases? like|looks? for|checks? (whether|if|for)|analy[sz]es?|explain(s|ing)?|describes?|documents?|flags?|reports?|examples?|sample|returns? (the )?(training )?(text|string)|(expected|mock|sample|example) (output|response|reply|text))\b[^.!?]{0,90}$/;

/**
 * Instructions in a definition's texts and names, each reported once. Words are compared in lower case, as people read
 * them: other forms of the same letters count as these.
 */
export function instructionsIn(definition: Json): { found: Instruction[]; cut: boolean } {
  const found: Instruction[] = [];
  let left = MAX_TEXT;
  let cut = false;
  eachText(definition, (text, path) => {
    if (text.length < 8) return;
    if (text.length > left) cut = true;
    const part = text.slice(0, left);
    left -= part.length;
    if (part !== '') for (const one of instructionsOf(part)) found.push({ ...one, path: path() });
  });
  return { found, cut };
}

/** Short texts read before: the same words describe the same arguments in tool after tool. */
const read = new Map<string, readonly Omit<Instruction, 'path'>[]>();
const MAX_READ = 5000;

/** The same for one text. */
export function instructionsOf(text: string): readonly Omit<Instruction, 'path'>[] {
  const known = read.get(text);
  if (known) return known;
  const found = search(text);
  if (read.size >= MAX_READ) read.clear();
  if (text.length <= 1000) read.set(text, found);
  return found;
}

function search(text: string): Omit<Instruction, 'path'>[] {
  const plain = plainText(text);
  const found: Omit<Instruction, 'path'>[] = [];
  for (const { meaning, test, quotable } of PATTERNS) {
    if (found.some((one) => one.meaning === meaning)) continue;
    for (const match of plain.matchAll(test)) {
      if (quotable && QUOTING.test(plain.slice(Math.max(0, match.index - 140), match.index))) continue;
      found.push({ meaning, words: match[0].trim().slice(0, 120) });
      break;
    }
  }
  for (const decoded of decodedIn(text)) {
    if (COMMAND.test(decoded) || instructionsOf(decoded).length > 0) {
      found.push({ meaning: 'holds encoded commands', words: decoded.slice(0, 120) });
      break;
    }
  }
  return found;
}

/** Letters of other scripts that pass for Latin ones, and the Latin ones. */
const ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaеeоoрpсcуyхxіiјjѕsԁdһhοoαaεeιiκkνvρpτtυuνv'.matchAll(/(.)(.)/gu)].map(([, a, b]) => [a, b]),
) as Record<string, string>;

function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replaceAll(/[\u0370-\u052f]/g, (letter) => ALIKE[letter] ?? letter)
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/\s+/g, ' ');
}

const COMMAND =
  /\b(curl|wget|bash|powershell|chmod|nc|netcat|eval)\b|\brm -rf?\b|\/dev\/tcp|\/bin\/(ba)?sh|\|\s*(ba|z)?sh\b|https?:\/\//;

/** Readable text behind Base64 or hexadecimal digits. */
function* decodedIn(text: string): Generator<string> {
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{24,4000}={0,2}/g)) {
    const encoding = /^([0-9a-fA-F]{2})+$/.test(run) ? 'hex' : 'base64';
    const decoded = Buffer.from(run, encoding).toString('latin1');
    if (decoded.length >= 8 && /^[\t\n\r -~]+$/.test(decoded)) yield decoded;
  }
}
