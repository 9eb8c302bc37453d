// The action's start.
import { info } from '@actions/core';

info('lazypull');
