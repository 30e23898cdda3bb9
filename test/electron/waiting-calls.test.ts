import { waitingCalls } from '../scenarios/waiting-calls.ts';
import { appStage } from './scene.ts';

waitingCalls(appStage());
