export { argumentsFault, withArguments } from './arguments.ts';
export {
  canonicalDigest,
  canonicalJson,
  canonicalValue,
  sha256,
  valueDigest,
} from './canonical/canonical.ts';
export {
  advertiseListChanged,
  errorMessage,
  findMember,
  notificationMessage,
  requestMessage,
  resultIsToolError,
  resultMessage,
  withId,
} from './edit.ts';
export { INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR } from './fault.ts';
export { acknowledgeTools, limitCaching, resultTypeOf, spanAt, withValue } from './modern.ts';
export { META_PREFIX } from './names.ts';
export { MAX_BATCH, parseFromClient, parseFromServer } from './parse.ts';
export { parseJson } from './parse-json.ts';
export { AmbiguousList, readToolList, type ToolList } from './tool-list.ts';
export { withTextInFront } from './tool-result.ts';
