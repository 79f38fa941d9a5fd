import { Get } from '@nestjs/common';
import { Env } from '../config/env';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import { SettingDto } from './dto/configuration.dto';
import { shownConfiguration } from './shown-configuration';

@AdminController('configuration')
export class ConfigurationController {
  constructor(private readonly env: Env) {}

  @Operation('The configuration in force without secrets, and where each value comes from.', 200, [
    SettingDto,
  ])
  @Get()
  @For('admin')
  read(): SettingDto[] {
    return shownConfiguration(this.env).map(({ name, value, isSet, source }) => ({
      name,
      value,
      is_set: isSet,
      source,
    }));
  }
}
