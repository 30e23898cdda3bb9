export { canonicalDigest, canonicalJson, canonicalValue, sha256, valueDigest } from './canonical.ts';
export {
  AmbiguousList,
  advertiseListChanged,
  dropTools,
  errorMessage,
  notificationMessage,
  requestMessage,
  resultIsToolError,
  resultMessage,
  withId,
} from './edit.ts';
export { INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR } from './fault.ts';
export { MAX_BATCH, MAX_DEPTH, parseFromClient, parseFromServer } from './parse.ts';
