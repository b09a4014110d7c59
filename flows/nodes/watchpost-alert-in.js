/**
 * Alerts of the site as messages. The connection, its credentials and the checks belong to the program that embeds
 * Node-RED; it hands over `alertFeed` in the settings, so neither an address nor a secret is in the flow file.
 */
module.exports = (RED) => {
  const looks = {
    connecting: { fill: 'yellow', shape: 'ring' },
    connected: { fill: 'green', shape: 'dot' },
    refused: { fill: 'red', shape: 'ring' },
  };

  function AlertIn(config) {
    RED.nodes.createNode(this, config);
    const feed = RED.settings.alertFeed;
    const text = (key) => `watchpost-alert-in.status.${key}`;
    if (!feed) {
      this.status({ fill: 'red', shape: 'ring', text: text('missing') });
      return;
    }
    const filter = {
      minSeverity: config.minSeverity || 'low',
      eventTypes: Array.isArray(config.eventTypes) ? config.eventTypes : [],
      changes: config.changes === 'all' ? 'all' : 'new',
      existing: config.existing === true,
    };
    const unsubscribe = feed.subscribe(filter, {
      change: ({ topic, alert, ...change }) => this.send({ topic, payload: alert, watchpost: change }),
      state: (state) => this.status({ ...looks[state], text: text(state) }),
      // code and path only: what was wrong with a message, never the message
      problem: (error) =>
        this.error(`${error.code} ${error.path || ''}`.trim(), { watchpost: { code: error.code } }),
    });
    this.on('close', (done) => {
      unsubscribe();
      done();
    });
  }

  RED.nodes.registerType('watchpost-alert-in', AlertIn);
};
