export { canonicalDigest, canonicalJson, canonicalValue, sha256, valueDigest } from './canonical.ts';
export {
  advertiseListChanged,
  dropTools,
  errorMessage,
  notificationMessage,
  requestMessage,
  resultIsToolError,
  resultMessage,
  withId,
} from './edit.ts';
export { MAX_BATCH, MAX_DEPTH, parseFromClient, parseFromServer } from './parse.ts';
