import type { Request } from 'express';
import { Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';

import type { Actor } from '../common/actor.js';
import { repeated, singleHeader } from '../http/header.js';
import { stateOf } from '../http/request-state.js';
import type { Claims } from './actor.rules.js';
import type { TokenVerifier } from './token-verifier.js';
