// Lint rules of this repository, as an oxlint plugin (the ESLint rule interface).
// The build of recheck for browsers is the one without Java or a binary.
import recheck from 'recheck/lib/browser.js';

/** Settings are read and validated in src/config only. */
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

/** Each request takes its instant once from the injected Clock, so that tests can set it. */
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
 * An expression that is not decided in this time is reported. The limit is high, so that a busy machine does not cause
 * false reports.
 */
const DECISION = { timeout: 300_000, attackTimeout: null, incubationTimeout: null, seedingTimeout: null };

/** The time to match an input must be at most proportional to its length, as there is one main thread. */
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
        context.report({ node, message: 'Write a regular expression as a literal, so that it can be checked.' });
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
