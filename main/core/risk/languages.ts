import type { Category } from '../../../shared/schemas/common.ts';
import type { Signal } from './signal.ts';
import { sentencesOf } from './tokens.ts';

/**
 * Verbs of other languages by the beginning of their forms, or, for scripts without spaces, anywhere. They only help to
 * see that something is changed; a text that is not understood never counts as one that only reads.
 */
const STEMS: readonly (readonly [Category, string])[] = [
  [
    'Destructive',
    'lösch loesch entfern vernicht zerstör elimin borra suprim supprim efface détrui detrui exclu apaga remov cancella rimuov удал стер уничтож очист verwijder usuń',
  ],
  [
    'Financial',
    'überweis ueberweis bezahl zahl kauf bestell paga compra transfier transfer virement paie payer acheter achète commande acquist kopen betaal оплат перев куп',
  ],
  [
    'Execute',
    'ausführ ausfuehr führt_aus start stopp ejecut lanza exécut execut lance démarr esegu avvia запус выполн',
  ],
  [
    'Write',
    'erstell anleg änder aender aktualis send schick schreib speicher füg crea cria crée modific modifi actualiz enví envia envoi envoy guard escrib écri ecri ajout aggiung aggiorn invia salva scriv созд измен отправ добав обнов запис publi veröffentl',
  ],
  [
    'Read',
    'zeig hol lies list such abruf abfrag ermittel liefer gib consult obten obtien busca lista muestra mostr lee leer affich obtenir cherch recherch lire lis récup montr cerca ottien legg mostra получ показ найти поиск спис чита obtém obter',
  ],
];
const STEM_LISTS = STEMS.map(([category, stems]) => [category, stems.split(' ')] as const);
const CHARACTERS: readonly (readonly [Category, RegExp])[] = [
  [
    'Destructive',
    /删除|刪除|移除|清空|清除|销毁|銷毀|卸载|吊销|注销|撤销|重置|終了|削除|消去|破棄|取り消|삭제|제거|초기화|폐기/,
  ],
  [
    'Financial',
    /支付|转账|轉帳|购买|購買|退款|付款|下单|充值|提现|支払|送金|購入|注文|決済|결제|송금|구매|주문|환불/,
  ],
  ['Execute', /执行|執行|运行|启动|停止|部署|重启|実行|起動|실행|시작|중지|배포/],
  [
    'Write',
    /创建|創建|新建|添加|更新|修改|发送|發送|上传|写入|设置|保存|发布|编辑|作成|追加|変更|送信|書き|生成|생성|추가|수정|전송|변경|저장|작성/,
  ],
  ['Read', /查询|查詢|获取|獲取|列出|搜索|读取|查看|查找|取得|一覧|検索|表示|読み|조회|목록|검색|가져|확인/],
];
const MARKS = new Set(
  'der die das ein eine einen und ist nicht aller alle des dem den mit für von im el la los las un una del por para que todos todas le les du une et dans pour avec il lo gli di della um uma não het een van de'.split(
    ' ',
  ),
);
const ENGLISH = new Set(
  'the of and to for with from in is this that by or as on an be it are you your at all if not will can returns get list tool use'.split(
    ' ',
  ),
);

export interface OtherLanguage {
  readonly signals: readonly Signal[];
  /** Whether the name or the description is in another language. */
  readonly foreign: boolean;
}

/** What a name and a description in another language say, as far as it is understood. */
export function otherLanguage(tokens: readonly string[], description: string): OtherLanguage {
  const text = description.slice(0, 2000).toLowerCase();
  const foreignName = tokens.some((token) => /[^\p{ASCII}\p{N}]/u.test(token));
  // Sentence by sentence: one in English hides none in another language.
  const words: string[] = [];
  for (const sentence of sentencesOf(text)) {
    const own = sentence.match(/[\p{L}\p{M}]+/gu) ?? [];
    if (isForeign(sentence, own)) words.push(...own);
  }
  const foreignText = words.length > 0;
  const named = readName(tokens);
  if (!foreignName && !foreignText && named.length === 0) return { signals: [], foreign: false };
  const signals = [...named];
  if (foreignText) signals.push(...readWords(words, 'description'), ...readCharacters(text, 'description'));
  if (foreignName) signals.push(...readCharacters(tokens.join(' '), 'name'));
  return { signals, foreign: true };
}

function isForeign(text: string, words: readonly string[]): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const others = letters - (text.match(/\p{Script=Latin}/gu)?.length ?? 0);
  if (letters > 0 && others * 3 > letters) return true;
  const english = words.filter((word) => ENGLISH.has(word)).length;
  const marks = words.filter((word) => MARKS.has(word)).length;
  // "café, naïve": accents alone make no text foreign that has English words.
  return marks > english || (english === 0 && words.some((word) => /[äöüßñçãõéèêàùâîôûìò]/.test(word)));
}

function readWords(words: readonly string[], where: string): Signal[] {
  const found: Signal[] = [];
  for (const [category, stems] of STEM_LISTS)
    for (const stem of stems) {
      const word = words.find((one) => one.startsWith(stem));
      if (word !== undefined) found.push({ category, weak: false, reason: `${where} says ${word}` });
    }
  return found;
}

/** Stems that begin no English word, so that they count in names too. */
const NAME_STEMS =
  /^(lösch|loesch|entfern|borra|suprim|supprim|efface|apaga|cancella|rimuov|überweis|ueberweis|bezahl|virement|ejecut|ausfuehr|ausführ|erstell|enviar|crear|criar|creer|actualiz|consulta|obten|buscar|mostrar|zeig|affich|chercher|удал|созд|получ)/;

function readName(tokens: readonly string[]): Signal[] {
  return readWords(
    tokens.filter((token) => NAME_STEMS.test(token) && token !== 'consultation' && token !== 'consultant'),
    'name',
  );
}

function readCharacters(text: string, where: string): Signal[] {
  return CHARACTERS.flatMap(([category, pattern]) => {
    const word = pattern.exec(text)?.[0];
    return word === undefined ? [] : [{ category, weak: false, reason: `${where} says ${word}` }];
  });
}
