import { waitingCalls } from '../scenarios/waiting-calls.ts';
import { browserStage } from './scene.ts';

waitingCalls(browserStage({ width: 560, height: 640 }));
