"""What whoever runs the centre needs: metrics, logs, traces, back-up and restore."""
