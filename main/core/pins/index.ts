export { createPins, type PinParts } from './create-pins.ts';
