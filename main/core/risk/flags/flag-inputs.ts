import { codeParameter } from '../arguments.ts';
import type { Look } from './flag-facts.ts';

/** `code`: an argument is free-form code, a query or a command. */
export function code({
  category,
  tokens,
  has,
  text,
  parameters,
  description,
  parameter,
}: Look): string | undefined {
  const argument = codeParameter(parameters, `${tokens.join(' ')} ${description.slice(0, 1000)}`);
  if (argument !== undefined) return `argument ${argument.name} is free-form code`;
  const query = parameter(/^(query|pipeline|function|soql|jql_script|body|operations?)$/);
  if (
    query !== undefined &&
    /\b(sql|select|insert|graphql|cypher|soql|kql|javascript|statement)\b/i.test(text)
  )
    return `argument ${query.name} is a query that the caller writes`;
  if (
    category === 'Execute' &&
    (has('sql script code shell bash command terminal eval evaluate query python javascript') ||
      /\b(sql|javascript|python|(shell|cli|terminal) commands?|arbitrary|(code|notebook) cell|anonymous \w+ code|scripts?)\b/i.test(
        text,
      ))
  )
    return 'it runs code or queries';
  return undefined;
}

const PATH_KEY =
  /(^|_)(path|paths|dir|directory|directories|filename|filenames|filepath|filepaths|folder_path)$|^(file|files|cwd|workdir|src|dst)$/;

/** `path`: an argument is a path of files. */
export function path({ parameters, parameter, text }: Look): string | undefined {
  const web = parameter(/^(http_)?method$/) !== undefined;
  const argument = parameters.find(
    ({ key, description }) =>
      PATH_KEY.test(key) &&
      !/^(api|url|x|json|request|endpoint|route|css|field|document|property|key)_?path$/.test(key) &&
      !(
        key === 'path' &&
        (web || /\b(api|url|endpoint|route|request) path\b/i.test(`${text} ${description}`))
      ),
  );
  if (argument !== undefined) return `argument ${argument.name} is a path`;
  const end = parameter(/^(source|destination|target)$/);
  return end !== undefined && /\b(files?|director(y|ies)|folders?)\b/i.test(text)
    ? `argument ${end.name} is a path`
    : undefined;
}

const MANY_KEY =
  /(^|_)(ids|items|files|records|rows|documents|users|entities|paths|operations|keys|names|objects|inputs|deletions|contacts|recipients|emails|tasks|events|issues|pages|urls)$/;

/** `bulk`: one call changes many things. */
export function bulk({ changes, has, parameters, sentence }: Look): string | undefined {
  if (!changes) return undefined;
  if (has('all bulk batch many multiple mass')) return 'name says it acts on many things';
  const list = parameters.find(
    ({ key, isList }) =>
      isList &&
      MANY_KEY.test(key) &&
      !/^(label|tag|scope|add_label|remove_label|attendee|assignee)_?(ids|names)?$/.test(key),
  );
  if (list !== undefined) return `argument ${list.name} is a list`;
  if (
    /\b(in bulk|bulk|batch(es)?|multiple|(delet|remov|eras|updat|purg|clear|send|creat|archiv)(e|es|ing|s)? (all|every|everything)\b|to all \w+s)\b/i.test(
      sentence,
    )
  )
    return 'description says it acts on many things';
  return undefined;
}
