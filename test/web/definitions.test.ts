import { definitions } from '../scenarios/definitions.ts';
import { browserStage } from './scene.ts';

definitions(browserStage({ width: 1300, height: 800 }));
