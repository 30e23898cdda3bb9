import { definitions } from '../scenarios/definitions.ts';
import { appStage } from './scene.ts';

definitions(appStage());
