import { Component, type ComponentChildren } from 'preact';
import { words } from '../words/words.ts';

/** Around a screen: what breaks in it leaves the others alone. */
export class Failing extends Component<{ children: ComponentChildren }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static override getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return <>{this.props.children}</>;
    return (
      <div class="failed" role="alert">
        <p>{words.value.common.error}</p>
        <a href={location.href} target="_top">
          {words.value.common.reload}
        </a>
      </div>
    );
  }
}
