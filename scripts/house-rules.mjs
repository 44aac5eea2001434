// Rules of this house that no published rule covers, as an oxlint plugin (the ESLint rule interface).
// The build of recheck for browsers is the one without Java or a binary.
import recheck from 'recheck/lib/browser.js';

/** Settings are read, checked and frozen in one place, to which main.ts hands them; all else would be unchecked. */
const environment = {
  create(context) {
    return {
      MemberExpression(node) {
        if (isName(node.object, 'process') && isMember(node, 'env')) {
          context.report({ node, message: 'Only src/config reads process.env; take a typed setting instead.' });
        }
      },
    };
  },
};

/** An instant is asked of the injected Clock once a request, so that tests decide what time it is. */
const clock = {
  create(context) {
    const message = 'Take the instant from the injected Clock.';
    return {
      NewExpression(node) {
        if (isName(node.callee, 'Date') && node.arguments.length === 0) context.report({ node, message });
      },
      MemberExpression(node) {
        if (isName(node.object, 'Date') && isMember(node, 'now')) context.report({ node, message });
      },
    };
  },
};

/**
 * One that is not decided in this time is reported. No other limit of time: on a busy machine it would call an
 * expression slow.
 */
const DECISION = { timeout: 300_000, attackTimeout: null, incubationTimeout: null, seedingTimeout: null };

/** What a caller sends must not keep the only thread for longer than in proportion to its length. */
const linearExpression = {
  create(context) {
    return {
      Literal(node) {
        if (node.regex === undefined) return;
        const { pattern, flags } = node.regex;
        const { status, complexity } = recheck.checkSync(pattern, flags, DECISION);
        if (status === 'safe') return;
        const found = status === 'vulnerable' ? complexity.summary : 'not decided';
        context.report({ node, message: `This expression is not linear (${found}).` });
      },
      'CallExpression, NewExpression'(node) {
        if (!isName(node.callee, 'RegExp')) return;
        context.report({ node, message: 'An expression is written as a literal, so that it can be checked.' });
      },
    };
  },
};

function isName(node, name) {
  return node.type === 'Identifier' && node.name === name;
}

function isMember(node, name) {
  return node.computed ? node.property.value === name : node.property.name === name;
}

export default { meta: { name: 'house' }, rules: { environment, clock, 'linear-expression': linearExpression } };
