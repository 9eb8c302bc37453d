import { info } from '@actions/core';

info('convert');
